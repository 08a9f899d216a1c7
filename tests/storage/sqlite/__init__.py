"""The store on its file."""
