/** G.711 as pure array-to-array functions. */
@NullMarked
package org.consentgateway.media.codec;

import org.jspecify.annotations.NullMarked;
