"""How orders are recognised: families of ids, classification, adoption, conflicting roles."""
