/**
 * JAIN-SIP and the sockets below it: what is read passes the screen first, what is sent goes to the
 * server that was chosen for it.
 */
@NullMarked
package org.consentgateway.sip.transport;

import org.jspecify.annotations.NullMarked;
