"""Examples of bots that embed trueup; each runs against a simulated exchange."""
