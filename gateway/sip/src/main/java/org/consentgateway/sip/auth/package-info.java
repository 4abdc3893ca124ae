/**
 * Digest authentication (RFC 3261 §22, RFC 7616, RFC 8760) on both sides: our answers to
 * challenges,\n * and our challenges.
 */
@NullMarked
package org.consentgateway.sip.auth;

import org.jspecify.annotations.NullMarked;
