// Events on any page: <calsvc-agenda>, <calsvc-subscribe> and <calsvc-session>, as elements.js
// has them.  This is a plain script, as site builders write it, and a module as well; however
// often it is on a page, the elements come once.
{
  const { src } = document.currentScript ?? {}; // a module has none, and knows its own address
  import(src ? new URL("static/elements.js", src) : "./static/elements.js").catch((error) => {
    console.error(`calsvc: ${error.message}`);
  });
}
