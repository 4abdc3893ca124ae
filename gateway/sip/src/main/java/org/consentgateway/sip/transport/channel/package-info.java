/** What the stack's own connections, and their peers, get wrong. */
@NullMarked
package org.consentgateway.sip.transport.channel;

import org.jspecify.annotations.NullMarked;
