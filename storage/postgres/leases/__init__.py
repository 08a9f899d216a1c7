"""Several processes on one database: each owns the shards whose leases it has, and no others."""
