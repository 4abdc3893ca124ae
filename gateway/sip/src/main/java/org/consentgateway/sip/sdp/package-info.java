/** Session descriptions (RFC 8866) and offer/answer (RFC 3264) as pure functions over values. */
@NullMarked
package org.consentgateway.sip.sdp;

import org.jspecify.annotations.NullMarked;
