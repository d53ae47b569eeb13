//! The timeline picture: today at the left edge, 90 days to the right, a row per connection.
//!
//! It is a table to a screen reader; the picture in it is drawn with SVG attributes only, and
//! stretched to the row's width.

use leptos::prelude::*;
use wizard::{Level, parts, texts::fill};

use super::frame::Scene;
use crate::model::ConnectionCard;

/// The right edge.
const DAYS: i32 = 90;
/// Fewer connections are no picture.
const FEW: usize = 4;

/// Of the most urgent connections among `total`; a few are a list of dates.
/// `warning_days` are marked before each end.
pub(super) fn view(scene: &Scene, connections: &[ConnectionCard], total: usize, warning_days: &[i32]) -> AnyView {
    let words = scene.words;
    let content = if total < FEW { dates(scene, connections) } else { table(scene, connections, warning_days) };
    let rest = (total > connections.len()).then(|| rest(scene, connections.len(), total));
    view! {
        <section class="timeline" aria-labelledby="timeline">
            <h2 id="timeline">{words.timeline}</h2>
            {content}
            {rest}
        </section>
    }
    .into_any()
}

/// Where the others are.
fn rest(scene: &Scene, shown: usize, total: usize) -> AnyView {
    let words = scene.words;
    let text = fill(words.timeline_rest, &[shown.to_string(), total.to_string()].join(" / "));
    let link = scene.reader.is_admin.then(|| view! { " "<a href="/review">{words.timeline_all}</a> });
    view! { <p class="quiet">{text}{link}</p> }.into_any()
}

fn dates(scene: &Scene, connections: &[ConnectionCard]) -> AnyView {
    let words = scene.words;
    let rows: Vec<_> = connections
        .iter()
        .map(|card| {
            let class = ["timeline-date ", parts::level_class(card.level)].concat();
            let end = match card.nearest_end.clone() {
                Some(at) => parts::moment(at),
                None => words.no_end.into_any(),
            };
            view! {
                <li class=class>
                    <span class="timeline-when">{end}</span>
                    <span class="timeline-what">
                        <strong>{card.name.clone()}</strong>
                        {parts::state(card.level, card.summary.clone())}
                        {second(scene, card)}
                    </span>
                </li>
            }
            .into_any()
        })
        .collect();
    view! { <ol class="timeline-dates">{rows}</ol> }.into_any()
}

fn second(scene: &Scene, card: &ConnectionCard) -> Option<AnyView> {
    card.data_access_ends.clone().map(|ends| {
        view! { <span class="timeline-second">{scene.words.second_clock}" "{parts::moment(ends)}</span> }.into_any()
    })
}

fn table(scene: &Scene, connections: &[ConnectionCard], warning_days: &[i32]) -> AnyView {
    let words = scene.words;
    let rows: Vec<_> = connections.iter().map(|card| row(scene, card, warning_days)).collect();
    let scale: Vec<_> = [30, 60, 90]
        .into_iter()
        .map(|day: i32| view! { <span>{day.to_string()}" "{words.in_days}</span> }.into_any())
        .collect();
    view! {
        <table>
                <thead>
                    <tr>
                        <th scope="col">{words.connection}</th>
                        <th scope="col" class="timeline-scale"><span class="visually-hidden">{words.picture}</span><span aria-hidden="true">{scale}</span></th>
                        <th scope="col">{words.state}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        <p class="quiet timeline-note" aria-hidden="true">{words.timeline_note}</p>
    }
    .into_any()
}

fn row(scene: &Scene, card: &ConnectionCard, warning_days: &[i32]) -> AnyView {
    let second = second(scene, card);
    // What is well does not say until when.
    let end = card.nearest_end.clone().filter(|_| matches!(card.level, Level::Good | Level::Advice));
    let end = end.map(|at| {
        view! { <span class="timeline-second">{scene.words.authorization_ends}" "{parts::moment(at)}</span> }
    });
    let class = ["timeline-row ", parts::level_class(card.level)].concat();
    let dots = dots(card.days_left, warning_days);
    view! {
        <tr class=class>
            <th scope="row">{card.name.clone()}</th>
            <td class="timeline-picture">{picture(card.level, card.days_left, card.data_access_days_left, dots)}</td>
            <td>{parts::state(card.level, card.summary.clone())}{end}{second}</td>
        </tr>
    }
    .into_any()
}

/// One row's bar. A stopped connection has no bar, only its mark at today.
fn picture(level: Level, days_left: Option<i32>, second_days: Option<i32>, dots: String) -> AnyView {
    let end = match (level, days_left) {
        (Level::Stopped, _) => 0,
        (_, Some(days)) => days.clamp(0, DAYS),
        (_, None) => DAYS,
    };
    let has_end = days_left.is_some() || level == Level::Stopped;
    let weeks: String = (1..=DAYS / 7).map(|week| stroke(week * 7, "9", "15")).collect();
    let bar = ["M0 12H", &end.to_string()].concat();
    let end_mark = if has_end { stroke(end, "4", "20") } else { String::new() };
    let second = second_days.filter(|days| (0..=DAYS).contains(days)).map(|days| stroke(days, "6", "18"));
    view! {
        <svg viewBox="-1 0 92 24" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            <path class="timeline-axis" d="M0 12H90"></path>
            <path class="timeline-weeks" d=weeks></path>
            <path class="timeline-bar" d=bar></path>
            <path class="timeline-second-mark" d=second.unwrap_or_default()></path>
            <path class="timeline-dots" d=dots></path>
            <path class="timeline-end" d=end_mark></path>
        </svg>
    }
    .into_any()
}

/// When people are warned of the end, as far as it lies ahead and in the picture.
fn dots(days_left: Option<i32>, warning_days: &[i32]) -> String {
    let ahead = |days: &i32| days_left.map(|left| left - days).filter(|at| *days > 0 && (1..=DAYS).contains(at));
    warning_days.iter().filter_map(ahead).map(|at| stroke(at, "12", "12")).collect()
}

/// A vertical line at a day; a dot where it has no length.
fn stroke(day: i32, from: &str, to: &str) -> String {
    ["M", &day.to_string(), " ", from, "V", to].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_marked_where_they_lie_ahead() {
        assert_eq!(dots(Some(5), &[14, 7, 3, 1, 0]), "M2 12V12M4 12V12");
        assert_eq!(dots(Some(100), &[14, 7]), "M86 12V12", "beyond the picture is nothing");
        assert_eq!(dots(None, &[14]), "");
    }
}
