package org.consentgateway.line;

import org.consentgateway.media.audio.AudioClip;

/**
 * Immutable. All that a caller can hear of us.
 *
 * @param clips what is said
 * @param ringBack heard while a target is dialled
 */
public record Sounds(Clips clips, AudioClip ringBack) {}
