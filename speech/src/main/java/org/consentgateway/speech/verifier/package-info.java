/** A second opinion on a yes, by a network that knows nothing of the recogniser. */
@NullMarked
package org.consentgateway.speech.verifier;

import org.jspecify.annotations.NullMarked;
