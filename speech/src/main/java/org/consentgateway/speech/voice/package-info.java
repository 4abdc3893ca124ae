/** Prompts: recorded audio first, else synthesised at start, never inside a call. */
@NullMarked
package org.consentgateway.speech.voice;

import org.jspecify.annotations.NullMarked;
