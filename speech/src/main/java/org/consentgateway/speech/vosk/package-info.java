/** The only Vosk code. */
@NullMarked
package org.consentgateway.speech.vosk;

import org.jspecify.annotations.NullMarked;
