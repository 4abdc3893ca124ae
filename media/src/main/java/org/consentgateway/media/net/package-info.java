/** Event loops, ports, pacer, relay; with what is below the only code that knows Netty. */
@NullMarked
package org.consentgateway.media.net;

import org.jspecify.annotations.NullMarked;
