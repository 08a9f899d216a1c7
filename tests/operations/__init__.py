"""What operators take over as it is: the unit, the container's file, the alerting rules."""
