"""The monitor's machine: what may follow what, and what each state does through the ports."""
