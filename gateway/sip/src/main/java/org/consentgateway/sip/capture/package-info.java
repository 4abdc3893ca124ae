/**
 * Copies of SIP messages for a Homer collector (HEP3), without whatever names a person: start at
 * {@code CaptureAgent}.
 */
@NullMarked
package org.consentgateway.sip.capture;

import org.jspecify.annotations.NullMarked;
