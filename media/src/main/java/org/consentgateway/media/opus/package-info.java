/** Opus (RFC 6716), coded on threads of its own; the only place that knows Concentus. */
@NullMarked
package org.consentgateway.media.opus;

import org.jspecify.annotations.NullMarked;
