"""The promises of trueup as checks, each in its own module, held against every moment."""
