"""Moving house: files of the original bot, wild and hostile ones too."""
