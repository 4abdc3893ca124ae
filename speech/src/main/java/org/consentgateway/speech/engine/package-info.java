/** What a recogniser of words has to be able to do, whoever made it. */
@NullMarked
package org.consentgateway.speech.engine;

import org.jspecify.annotations.NullMarked;
