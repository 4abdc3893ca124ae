/** Sound without a network: frames, clips, tones, levels. */
@NullMarked
package org.consentgateway.media.audio;

import org.jspecify.annotations.NullMarked;
