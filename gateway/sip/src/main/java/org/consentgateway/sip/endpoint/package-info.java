/**
 * The façade of the module: one endpoint that takes and makes calls, and its UAS core (RFC 3261
 * §8.2).
 */
@NullMarked
package org.consentgateway.sip.endpoint;

import org.jspecify.annotations.NullMarked;
