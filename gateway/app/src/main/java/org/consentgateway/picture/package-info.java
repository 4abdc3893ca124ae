/** Pictures as SVG that stands in a page: colours and patterns are the page's. */
@NullMarked
package org.consentgateway.picture;

import org.jspecify.annotations.NullMarked;
