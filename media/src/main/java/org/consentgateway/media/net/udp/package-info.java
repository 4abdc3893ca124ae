/** UDP sockets on Netty's event loops, and what all sockets of one loop share. */
@NullMarked
package org.consentgateway.media.net.udp;

import org.jspecify.annotations.NullMarked;
