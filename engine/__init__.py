"""Who runs what, and when: `Reconciler` and `AsyncReconciler`, and what they check beforehand."""
