/** Speech codecs: sound to and from the payload of packets, without sockets and clocks. */
@NullMarked
package org.consentgateway.media.codec;

import org.jspecify.annotations.NullMarked;
