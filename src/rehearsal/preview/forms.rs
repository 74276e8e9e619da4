//! What a browser makes of a form: the fields as the page has filled them in, and what its reader types over them.

use crate::base::problem::{Problem, Result};
use crate::web::kit::forms::query::escape;

/// A form as it stands on a page.
pub struct Form<'p> {
    html: &'p str,
}

impl<'p> Form<'p> {
    /// The first form behind `near` (or around it) that is posted and can be told to do `act`; empty: whatever it does.
    pub fn find(page: &'p str, near: &str, act: &str) -> Result<Form<'p>> {
        let missing = || {
            let title = page.split("<title>").nth(1).and_then(|rest| rest.split('<').next()).unwrap_or_default();
            Problem::internal(format!("The page \u{201c}{title}\u{201d} has no form {act} at {near}."))
        };
        let from = page.find(near).ok_or_else(missing)?;
        let forms = page.match_indices("<form").filter_map(|(at, _)| {
            let html = page.get(at..)?.split("</form>").next()?;
            (at + html.len() > from).then_some(html)
        });
        let does = |html: &&str| act.is_empty() || html.contains(&format!("value=\"{act}\""));
        let html = forms.filter(|html| html.contains("method=\"post\"")).find(does).ok_or_else(missing)?;
        Ok(Form { html })
    }

    /// Where the button `act` sends it to: elsewhere than the form itself where the button says so.
    pub fn action(&self, act: &str) -> String {
        let button = self.html.split("<button").skip(1).filter_map(|tag| tag.split('>').next());
        let own = button.into_iter().find(|tag| attribute(tag, "value") == act).map(|tag| attribute(tag, "formaction"));
        let own = own.filter(|own| !own.is_empty());
        own.unwrap_or_else(|| attribute(self.html.split('>').next().unwrap_or_default(), "action"))
    }

    /// The body of the request: what stands in the form, with `typed` over it, and the button `act`.
    pub fn filled(&self, act: &str, typed: &[(&str, &str)]) -> String {
        let mut fields: Vec<(String, String)> = Vec::new();
        for (at, _) in self.html.match_indices('<') {
            let rest = self.html.get(at + 1..).unwrap_or_default();
            let (tag, behind) = rest.split_once('>').unwrap_or((rest, ""));
            let name = attribute(tag, "name");
            let value = match tag.split([' ', '>']).next().unwrap_or_default() {
                "input" => {
                    let chosen = !matches!(attribute(tag, "type").as_str(), "radio" | "checkbox");
                    (chosen || tag.contains(" checked")).then(|| attribute(tag, "value"))
                }
                "textarea" => behind.split("</textarea>").next().map(plain),
                "select" => Some(selected(behind.split("</select>").next().unwrap_or_default())),
                "button" => Some(attribute(tag, "value")).filter(|value| value == act),
                _ => None,
            };
            if let Some(value) = value.filter(|_| !name.is_empty()) {
                fields.push((name, value));
            }
        }
        fields.retain(|(name, _)| !typed.iter().any(|(other, _)| other == name));
        let typed = typed.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        let pairs: Vec<String> = fields
            .into_iter()
            .chain(typed)
            .map(|(name, value)| format!("{}={}", escape(&name), escape(&value)))
            .collect();
        pairs.join("&")
    }

    /// The names of what can be chosen or typed, each once.
    pub fn asks(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for tag in self.html.split('<').filter(|tag| tag.starts_with("input") || tag.starts_with("textarea")) {
            let tag = tag.split('>').next().unwrap_or_default();
            let name = attribute(tag, "name");
            if attribute(tag, "type") != "hidden" && !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// What somebody may answer under this name: a high number, else the first choice, else a text.
    pub fn answer(&self, name: &str) -> String {
        let inputs = self.html.split("<input").filter_map(|tag| tag.split('>').next());
        let choices: Vec<String> = inputs
            .filter(|tag| attribute(tag, "type") == "radio" && attribute(tag, "name") == name)
            .map(|tag| attribute(tag, "value"))
            .collect();
        let high = choices.iter().find(|value| *value == "6");
        high.or(choices.first())
            .map_or_else(|| "Your people know our plant better than some of us do.".into(), String::clone)
    }
}

fn selected(options: &str) -> String {
    let mut tags = options.split("<option").skip(1).filter_map(|option| option.split('>').next());
    let first = tags.clone().next().unwrap_or_default();
    attribute(tags.find(|tag| tag.contains(" selected")).unwrap_or(first), "value")
}

/// The value of an attribute, as it was before it was escaped; empty where there is none.
pub fn attribute(tag: &str, name: &str) -> String {
    let from = tag.split(&format!(" {name}=\"")).nth(1);
    from.and_then(|rest| rest.split('"').next()).map(plain).unwrap_or_default()
}

fn plain(text: &str) -> String {
    let text = ["&#60;", "&lt;"].iter().fold(text.to_string(), |text, code| text.replace(code, "<"));
    let text = ["&#62;", "&gt;"].iter().fold(text, |text, code| text.replace(code, ">"));
    let text = ["&#34;", "&quot;"].iter().fold(text, |text, code| text.replace(code, "\""));
    let text = text.replace("&#39;", "'");
    ["&#38;", "&amp;"].iter().fold(text, |text, code| text.replace(code, "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_sent_as_a_browser_sends_it() {
        let page = r#"<title>T</title><form method="post" action="/a"><input type="hidden" name="act" value="other"></form>
            <h2 id="here">x</h2><form method="post" action="/b?x=1&amp;y=2"><input type="hidden" name="act" value="do">
            <input name="line" value="a &#38; b"><input type="radio" name="r" value="1"><input type="radio" name="r" value="2" checked>
            <input type="checkbox" name="sure" value="yes"><textarea name="text">one
two</textarea><select name="s"><option value="x">X</option><option value="y" selected>Y</option></select><button name="go" value="next">N</button>
            <button name="go" value="back">B</button><button name="go" value="show" formaction="/c?d=1">S</button></form>"#;
        let form = Form::find(page, "here", "do").unwrap();
        assert_eq!((form.action("next"), form.action("show")), ("/b?x=1&y=2".into(), "/c?d=1".into()));
        assert_eq!(form.filled("do", &[]), "act=do&line=a%20%26%20b&r=2&text=one%0Atwo&s=y");
        assert_eq!(
            form.filled("next", &[("sure", "yes"), ("r", "1")]),
            "act=do&line=a%20%26%20b&text=one%0Atwo&s=y&go=next&sure=yes&r=1"
        );
        assert_eq!((form.asks().join(" "), form.answer("r")), ("line r sure text".into(), "1".into()));
        assert!(Form::find(page, "here", "other").is_err() && Form::find(page, "nowhere", "do").is_err());
    }
}
