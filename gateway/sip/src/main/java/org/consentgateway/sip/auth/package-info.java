/**
 * Digest authentication (RFC 3261 §22, RFC 7616, RFC 8760) on both sides: our answers to
 * challenges, and our challenges.
 *
 * <p>The digest is our own, since the helper in JAIN-SIP is of 2018 and knows neither SHA-256 nor
 * how to choose among several challenges (RFC 8760 §2.4), nor counts the uses of a nonce.
 */
@NullMarked
package org.consentgateway.sip.auth;

import org.jspecify.annotations.NullMarked;
