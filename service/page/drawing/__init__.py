"""Where things stand in the page's pictures: numbers for SVG, without words of HTML."""
