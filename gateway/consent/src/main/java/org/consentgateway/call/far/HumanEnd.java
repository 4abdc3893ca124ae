package org.consentgateway.call.far;

/**
 * Thread-safe. A person, a queue or a voicemail that has answered. To talk to it needs no consent:
 * that is what a telephone is for.
 */
public abstract non-sealed class HumanEnd implements FarEnd {}
