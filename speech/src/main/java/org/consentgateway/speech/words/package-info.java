/** Per-language lexicon and readability. */
@NullMarked
package org.consentgateway.speech.words;

import org.jspecify.annotations.NullMarked;
