/** What the stack's own connections get wrong, mended where it can be reached from outside. */
@NullMarked
package org.consentgateway.sip.transport.channel;

import org.jspecify.annotations.NullMarked;
