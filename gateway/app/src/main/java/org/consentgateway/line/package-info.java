/** Joins SIP leg, media leg, recogniser and voice into a {@code Caller}. */
@NullMarked
package org.consentgateway.line;

import org.jspecify.annotations.NullMarked;
