/**
 * SRTP and SRTCP (RFC 3711, RFC 7714) with keys from outside; the only place that knows a library.
 */
@NullMarked
package org.consentgateway.media.srtp;

import org.jspecify.annotations.NullMarked;
