/**
 * What may surface at any verb of a caller instead of its result: unchecked, and each heeded in one
 * place of the story.
 */
@NullMarked
package org.consentgateway.call.signal;

import org.jspecify.annotations.NullMarked;
