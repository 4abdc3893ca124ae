/** Hearing and speaking: no SIP, no consent, no sockets. */
@NullMarked
package org.consentgateway.speech;

import org.jspecify.annotations.NullMarked;
