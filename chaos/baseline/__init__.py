"""The proof that the campaign can fail, and the comparison with the replaced bot's sequence."""
