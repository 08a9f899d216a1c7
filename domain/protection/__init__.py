"""Where the stop belongs, and the prices of ladders by rule: functions of what is on record."""
