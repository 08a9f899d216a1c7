"""Commands to ``trueup run`` from afar: by a Telegram bot, from chats that the file lists."""
