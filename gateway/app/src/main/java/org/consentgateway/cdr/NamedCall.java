package org.consentgateway.cdr;

/**
 * Immutable. That a record names the caller of a call.
 *
 * @param call its id
 */
record NamedCall(String call, String pseudonym) {}
