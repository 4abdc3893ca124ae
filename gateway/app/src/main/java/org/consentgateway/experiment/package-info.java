/** Experiments with wordings: what may be concluded of two variants of a text, and when. */
@NullMarked
package org.consentgateway.experiment;

import org.jspecify.annotations.NullMarked;
