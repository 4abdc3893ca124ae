/**
 * The servers behind a SIP URI (RFC 3263): what the DNS says, in which order they are tried, and
 * which\n * of them rest.
 */
@NullMarked
package org.consentgateway.sip.dns;

import org.jspecify.annotations.NullMarked;
