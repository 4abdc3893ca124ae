/** How what is configured looks now: texts as they are written, certificates and their end. */
@NullMarked
package org.consentgateway.review;

import org.jspecify.annotations.NullMarked;
