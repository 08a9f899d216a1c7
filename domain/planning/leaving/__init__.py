"""Which part of a plan may leave while earlier writes are pending."""
