/** Sans-I/O protocol cores: bytes and {@code long nowNanos} in, values out. */
@NullMarked
package org.consentgateway.media.rtp;

import org.jspecify.annotations.NullMarked;
