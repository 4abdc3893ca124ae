/** The only {@code javax.sip} code: translates and enqueues, never blocks. */
@NullMarked
package org.consentgateway.sip;

import org.jspecify.annotations.NullMarked;
