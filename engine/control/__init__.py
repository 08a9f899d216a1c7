"""Control: what people pause, halt and resume, asked before every write and acknowledged."""
