"""A Telegram bot with trueup in its event loop, and a Telegram of the test's own."""
