package org.consentgateway.statistics;

/** Immutable. Between what a figure lies, at 95 %. */
record Interval(double low, double high) {}
