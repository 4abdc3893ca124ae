/** The RTP engine: no SIP, no consent, no recognition. */
@NullMarked
package org.consentgateway.media;

import org.jspecify.annotations.NullMarked;
