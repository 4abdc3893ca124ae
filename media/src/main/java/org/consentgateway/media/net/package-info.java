/** The only Netty code: event loops, ports, pacer, relay. */
@NullMarked
package org.consentgateway.media.net;

import org.jspecify.annotations.NullMarked;
